package page

import "github.com/parquet-go/parquet-go"

// maxGroup is how many rows a row group has: so many wait in memory.
const maxGroup = 20_000

// ParquetRows writes rows as a Parquet file, compressed (Snappy), as they come. The columns are the fields of T, by their tag
// "parquet". Not for several goroutines.
type ParquetRows[T any] struct {
	out *parquet.GenericWriter[T]
	n   int
}

// NewParquet begins a file. What data says is in it as it is: nothing shows it to people.
func NewParquet[T any](out *Out) *ParquetRows[T] {
	return &ParquetRows[T]{out: parquet.NewGenericWriter[T](octets{out}, parquet.Compression(&parquet.Snappy),
		parquet.CreatedBy("todoku", "", ""))}
}

// Put writes a row.
func (c *ParquetRows[T]) Put(v T) error {
	if _, err := c.out.Write([]T{v}); err != nil {
		return err
	}
	if c.n++; c.n%maxGroup == 0 {
		return c.out.Flush()
	}
	return nil
}

// Close writes the end of the file, without which it cannot be read.
func (c *ParquetRows[T]) Close() error { return c.out.Close() }

// octets is an io.Writer for a library that writes a file of its own form, which no terminal is to show.
type octets struct{ out *Out }

func (o octets) Write(b []byte) (int, error) {
	if err := o.out.putBytes(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
